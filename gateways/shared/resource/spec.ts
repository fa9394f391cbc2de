import type { z } from 'zod';
import type { WrittenEntry } from '../../../schemas/contexts/identity/directory.ts';
import type { RecordName, RecordOf, Records } from '../../../schemas/generated/records.ts';
import type { CommandRequest } from '../command/spec.ts';
import type { CommandName } from '../log/command-appender.ts';
import type { ProblemCode } from '../problems/catalogue.ts';
import type { Shape } from '../route/request.ts';
import type { TableServices } from './outcomes.ts';
import type { Scope } from './scope.ts';

/** The field that every directory item has. */
export interface Versioned {
  readonly version: number;
}

/** A request about one item, or about all items of a tenant. */
export interface ResourceRequest extends Scope {
  readonly services: TableServices;
}

/** A request that changes an item. */
export type WriteRequest<B extends z.ZodType | undefined> = CommandRequest<TableServices, Shape, Shape, B>;

/** The OpenAPI texts of one operation of a resource. */
interface Operation {
  readonly summary: string;
  readonly description?: string;
}

/** One operation that changes an item: the command that it appends, and its outcome event. */
export interface Write<Item, B extends z.ZodType | undefined, C extends CommandName, N extends RecordName>
  extends Operation {
  readonly body: B;
  readonly appends: readonly C[];
  /** Throws Problem CAPABILITY_MISSING for capabilities that the caller may not grant; that it manages the tenant is checked before. */
  readonly takes?: (request: WriteRequest<B>, id: string) => void;
  readonly command: (request: WriteRequest<B>, id: string) => RecordOf<C>;
  readonly event: N;
  readonly item: (data: Records[N]) => Item;
  readonly problems?: readonly ProblemCode[];
}

/** The HTTP resource of a kind of directory item. */
export interface Resource<Item extends Versioned, S extends z.ZodType> {
  readonly tag: string;
  /** Name in operation ids: `Role` in `createRole`. */
  readonly name: string;
  readonly url: string;
  readonly idName: string;
  readonly id: z.ZodType<string>;
  /** Problem code of an item that does not exist. */
  readonly unknown: ProblemCode;
  readonly schema: S;
  readonly page: z.ZodType;
  /** `tenant`: the query field `tenant` names the tenant. `itself`: the item is the tenant. */
  readonly belongsTo: 'tenant' | 'itself';
  readonly find: (request: ResourceRequest, id: string) => Item | undefined;
  readonly items: (request: ResourceRequest) => readonly Item[];
  readonly idOf: (item: Item) => string;
  readonly entryOf: (item: Item) => WrittenEntry;
  readonly view: (item: Item, services: TableServices) => z.output<S>;
  readonly list: Operation & { readonly takes?: (scope: Scope) => void };
  readonly get: Operation;
}

export type { Operation };
