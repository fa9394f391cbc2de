/** All governed commands with their descriptors, collected from the contexts. */
import { describedCommands } from './generated/governed.ts';
import type { AnyRecord, RecordOf } from './generated/records.ts';
import {
  type Description,
  type Descriptor,
  type Descriptors,
  type Example,
  type NamedResource,
  namedResource,
  type Resource,
} from './governed-command.ts';
import type { GovernedRecord } from './topics.ts';

/** Commands of the governed topics: the actions of the Cedar rules. */
export type GovernedAction = GovernedRecord;
export type GovernedCommand = RecordOf<GovernedAction>;

/** Descriptors of all governed commands. A governed topic without descriptors does not compile. */
export const descriptors: Descriptors<GovernedAction> = describedCommands;

/** The names of all governed commands. */
export const governedActions = Object.keys(descriptors) as readonly GovernedAction[];

/** Returns true for a governed command. */
export const isGoverned = (record: AnyRecord): record is GovernedCommand => Object.hasOwn(descriptors, record.type);

/** A governed command as policy sees it. */
export interface GovernedRequest extends Omit<Description, 'resourceId'> {
  readonly action: GovernedAction;
  readonly resource: Resource;
}

/** Returns the descriptor of an action, for a caller that knows the command to match. */
const descriptorOf = (action: GovernedAction) => descriptors[action] as unknown as Descriptor<never>;

/** Describes a governed command. Never throws. */
export function requestOf(command: GovernedCommand): GovernedRequest {
  const { resource: type, describe, ruledAs } = descriptorOf(command.type);
  const { resourceId: id, ...description } = describe(command.data as never);
  return { ...description, action: (ruledAs as GovernedAction | undefined) ?? command.type, resource: { type, id } };
}

/** Returns the resources of a request, its own under each of its names, as kill switches know them. Never throws. */
export const namesOf = ({
  resource,
  otherNames = [],
  stoppedWith = [],
}: Pick<GovernedRequest, 'resource' | 'otherNames' | 'stoppedWith'>): readonly NamedResource[] => [
  namedResource(resource),
  ...otherNames.map((id) => ({ type: resource.type, id })),
  ...stoppedWith,
];

/** Makes the command of a constitution's test. Never throws. */
export const exampleOf = (action: GovernedAction, example: Example): GovernedCommand =>
  ({ type: action, data: descriptorOf(action).example(example) }) as GovernedCommand;
