import type { Route } from '../shared/route/route.ts';
import { cancelBatch, createBatch } from './batches/commands.ts';
import { getBatch, listBatches } from './batches/queries.ts';
import { chatCompletions } from './chat-completions.ts';
import { conversationChanges } from './conversations/changes.ts';
import { createConversation } from './conversations/create.ts';
import { getConversation, getConversationItem, listConversationItems } from './conversations/queries.ts';
import { embeddings } from './embeddings.ts';
import { fileContent } from './files/content.ts';
import { deleteFileRoute } from './files/delete.ts';
import { getFile, listFiles } from './files/queries.ts';
import { createFileRoute } from './files/upload.ts';
import { getModel, listModels } from './models.ts';
import { moderations } from './moderations.ts';
import { responseRoutes } from './responses/routes.ts';
import { deleteResponse, listInputItems } from './responses/stored.ts';

/** The routes of the OpenAI API that existing clients use. Each write is a governed, metered and audited command. */
export const openAiRoutes: readonly Route[] = [
  ...[listModels, getModel, chatCompletions, embeddings, moderations],
  ...[createFileRoute, listFiles, getFile, deleteFileRoute, fileContent],
  ...[responseRoutes, listInputItems, deleteResponse],
  ...[createConversation, getConversation, conversationChanges, listConversationItems, getConversationItem],
  ...[createBatch, listBatches, getBatch, cancelBatch],
];
