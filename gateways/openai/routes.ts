import type { Route } from '../shared/route/route.ts';
import { chatCompletions } from './chat-completions.ts';
import { embeddings } from './embeddings.ts';
import { getModel, listModels } from './models.ts';
import { moderations } from './moderations.ts';

/** The routes of the OpenAI API that existing clients use. Each write is a governed, metered and audited command. */
export const openAiRoutes: readonly Route[] = [listModels, getModel, chatCompletions, embeddings, moderations];
