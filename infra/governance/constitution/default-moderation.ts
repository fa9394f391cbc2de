import type { ModerationRule } from '../../../schemas/contexts/constitution/document.ts';

/** Categories of harm besides those below, as data. */
const lexicon: readonly ModerationRule[] = [
  {
    id: 'hate-violence',
    pattern:
      '\\b(?:exterminate|eradicate|gas|lynch|wipe out)\\b[^.!?]{0,10}\\b(?:all|every|the) (?:jews?|muslims?|christians?|immigrants?|refugees?|gays?|lesbians?)\\b',
    code: 'MODERATION_HATE',
    severity: 'forbid',
    applies_to: ['input', 'output'],
  },
  {
    id: 'sexual-minors',
    pattern:
      '\\b(?:sexual|erotic|nude) (?:story|scene|image|picture)s? (?:of|with|about) (?:a )?(?:child|children|minors?)\\b',
    code: 'MODERATION_SEXUAL_MINORS',
    severity: 'forbid',
  },
  {
    id: 'illicit-drugs',
    pattern:
      '\\b(?:mak(?:e|ing)|cook(?:ing)?|synthesi[sz](?:e|ing)|produc(?:e|ing))\\b[^.!?]{0,12}\\b(?:crystal meth|methamphetamine|meth|fentanyl|heroin|crack cocaine|lsd)\\b',
    code: 'MODERATION_ILLICIT',
    severity: 'forbid',
  },
  {
    id: 'fraud',
    pattern:
      '\\b(?:writ(?:e|ing)|creat(?:e|ing)|mak(?:e|ing)|design(?:ing)?)\\b[^.!?]{0,16}\\b(?:phishing (?:e?mails?|messages?|pages?|sites?)|(?:fake|forged) (?:passports?|invoices?|prescriptions?|ids?))\\b',
    code: 'MODERATION_FRAUD',
    severity: 'forbid',
  },
  {
    id: 'threat',
    pattern:
      "\\b(?:i will|i'll|i am going to|i'm going to|we will) (?:kill|murder|stab|shoot|hunt down) (?:you|him|her|them)\\b",
    code: 'MODERATION_THREAT',
    severity: 'caution',
  },
  {
    // Keys of providers and private keys have no place in an answer; in an input they are a label.
    id: 'secret-keys',
    detector: 'secret-key',
    code: 'MODERATION_SECRETS',
    severity: 'forbid',
    applies_to: ['output'],
  },
];

/**
 * The default rules match an intent (make, reveal, how to) close to an object (a pipe bomb, admin passwords), because a
 * single word proves little: "who invented dynamite" and "reset my password" are fine. They are a first defence, for
 * English; a prompt that passes them is still recorded in the log.
 */
export const defaultModeration: readonly ModerationRule[] = [
  {
    // Extraction of secrets of any owner. "Show" and "list" are not included: users ask where their password setting is.
    id: 'secrets-exfiltration',
    pattern:
      '\\b(?:reveal|dump|leak|exfiltrate|steal|extract|harvest)\\b[^.!?]{0,24}\\b(?:passwords|credentials|api[ _-]?keys?|private keys?|secret keys?|access tokens?)\\b',
    code: 'MODERATION_SECRETS',
    severity: 'forbid',
  },
  {
    // Polite requests for secrets of the platform itself.
    id: 'secrets-of-the-platform',
    pattern:
      '\\b(?:show|print|tell|give|list)\\b[^.!?]{0,12}\\b(?:your|admin|root|production|server) (?:passwords?|credentials|api keys?|secrets|environment variables)\\b',
    code: 'MODERATION_SECRETS',
    severity: 'forbid',
  },
  {
    id: 'weapons-explosives',
    pattern:
      '\\b(?:mak(?:e|ing)|build(?:ing)?|construct(?:ing)?|assembl(?:e|ing))\\b[^.!?]{0,16}\\b(?:(?:a|pipe|nail|car|time|petrol|homemade|cooker) bombs?|explosives|explosive devices?|grenades?|landmines?|molotovs?)\\b',
    code: 'MODERATION_WEAPONS',
    severity: 'forbid',
  },
  {
    id: 'weapons-mass',
    pattern:
      '\\b(?:mak(?:e|ing)|synthesi[sz](?:e|ing)|produc(?:e|ing)|cultur(?:e|ing)|weaponi[sz](?:e|ing))\\b[^.!?]{0,20}\\b(?:nerve agents?|sarin|ricin|mustard gas|anthrax|dirty bombs?|chemical weapons?|bio(?:logical )?weapons?)\\b',
    code: 'MODERATION_WEAPONS',
    severity: 'forbid',
  },
  {
    id: 'weapons-guns',
    pattern:
      '\\b(?:mak(?:e|ing)|build(?:ing)?|print(?:ing)?|assembl(?:e|ing))\\b[^.!?]{0,16}\\b(?:ghost guns?|untraceable (?:guns?|firearms?)|silencers?|auto sears?)\\b',
    code: 'MODERATION_WEAPONS',
    severity: 'forbid',
  },
  {
    // Matches requests for instructions, not mentions: a user who reports pain is answered.
    id: 'self-harm-instructions',
    pattern:
      '\\b(?:how (?:to|do i|can i|should i)|ways? to|methods? (?:to|of|for))\\b[^.!?]{0,16}\\b(?:kill(?:ing)? myself|commit(?:ting)? suicide|end(?:ing)? my (?:own )?life|hurt(?:ing)? myself|cut(?:ting)? myself|overdose|harm(?:ing)? myself)\\b',
    code: 'MODERATION_SELF_HARM',
    severity: 'forbid',
  },
  {
    id: 'malware',
    pattern:
      '\\b(?:writ(?:e|ing)|creat(?:e|ing)|mak(?:e|ing)|build(?:ing)?|cod(?:e|ing))\\b[^.!?]{0,12}\\b(?:ransomware|keyloggers?|malware|computer (?:virus|worm)|botnets?|rootkits?)\\b',
    code: 'MODERATION_MALWARE',
    severity: 'forbid',
  },
  {
    // Alone it is often a test or a joke; together with another caution the score denies it.
    id: 'instruction-override',
    pattern:
      '\\b(?:ignore|disregard|forget) (?:all )?(?:of )?(?:the |your |my )?(?:previous|prior|above|earlier) (?:instructions?|rules?|prompts?|messages?|guidelines?)\\b',
    code: 'MODERATION_INSTRUCTION_OVERRIDE',
    severity: 'caution',
  },
  {
    id: 'prompt-probing',
    pattern: '\\b(?:system prompt|hidden instructions|developer mode|jailbreak)\\b',
    code: 'MODERATION_PROMPT_PROBING',
    severity: 'caution',
  },
  {
    // 64 characters without a break: not a word of any language, but a way to hide words from the rules above.
    id: 'encoded-text',
    pattern: '[A-Za-z0-9+/=]{64}',
    code: 'MODERATION_ENCODED_TEXT',
    severity: 'caution',
  },
  ...lexicon,
];
