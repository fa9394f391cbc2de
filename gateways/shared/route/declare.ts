import type { z } from 'zod';
import type { RecordName } from '../../../schemas/generated/records.ts';
import { commandRoute, type WriteServices } from '../command/command.ts';
import type { CommandRoute } from '../command/spec.ts';
import type { CommandName } from '../log/command-appender.ts';
import type { GatewayServices } from '../services.ts';
import { type Endpoint, endpointRoute } from './endpoint.ts';
import type { Body, Shape } from './request.ts';
import type { Route } from './route.ts';

/** Returns the functions that declare routes with these services: `command` for a route that appends, `endpoint` for any other. */
export const declare = <Needs = unknown>() => ({
  command: <
    const C extends CommandName,
    O extends { readonly [N in RecordName]?: unknown },
    P extends Shape = Record<never, never>,
    Q extends Shape = Record<never, never>,
    B extends Body = undefined,
  >(
    spec: CommandRoute<Needs, C, O, P, Q, B>,
  ): Route<Needs & WriteServices> => commandRoute(spec),

  endpoint: <
    R extends z.ZodType,
    P extends Shape = Record<never, never>,
    Q extends Shape = Record<never, never>,
    B extends Body = undefined,
  >(
    spec: Endpoint<Needs, P, Q, B, R>,
  ): Route<Needs & Pick<GatewayServices, 'readModel'>> => endpointRoute(spec),
});
