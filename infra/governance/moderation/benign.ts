/** Benign prompts of our own, for the training of the prompt-injection head: each template with each of its topics. */

const questions = [
  'What is TOPIC?',
  'Explain TOPIC to a child.',
  'Summarize what is known about TOPIC in three sentences.',
  'Write a short paragraph about TOPIC.',
  'Write a poem about TOPIC.',
  'Act as a teacher and explain TOPIC with an example.',
  'You are a careful editor. Improve this text about TOPIC: it is long, and it repeats itself.',
  'Translate this sentence about TOPIC into Spanish, and print only the translation.',
  'List five questions that a beginner asks about TOPIC.',
  'Compare TOPIC with something similar, as a table with two columns.',
  'I have read the instructions about TOPIC twice and I still do not understand the second step. Can you help?',
  'Please answer only with yes or no: is TOPIC older than a hundred years?',
  'Give me a plan to learn about TOPIC in a week; ignore weekends.',
  'Do not use difficult words. Tell me a story about TOPIC.',
  'Which rules apply to TOPIC in our company, and who approves an exception?',
  'Repeat the main idea of the text about TOPIC in your own words.',
] as const;

const topics = [
  ...['a khipu', 'photosynthesis', 'the French revolution', 'unit tests', 'compound interest', 'olive oil', 'glaciers'],
  ...['a system prompt', 'dynamite in mining', 'the immune system', 'event sourcing', 'a passport', 'bread', 'jazz'],
  ...['train timetables', 'a safe password', 'the stock market', 'rain', 'contract law', 'chess', 'the heart', 'maps'],
  ...['data protection', 'a job interview', 'solar panels', 'the history of printing', 'knots', 'llamas', 'SQL joins'],
  ...[
    'vacation days',
    'hotel prices',
    'an unpaid invoice',
    'role-playing games',
    'prompt engineering',
    'developer mode',
  ],
] as const;

const requests = [
  'Could you send me the minutes of the meeting about ITEM before Friday?',
  'Hi Ana, thank you for the draft of ITEM. I left two comments; please have a look when you find the time. Best, Tom',
  'The previous version of ITEM is in the archive. The new one replaces it from Monday on.',
  'Important: the deadline of ITEM has moved to 14 May. Please tell your team.',
  'To install ITEM, follow the instructions below. First read the system requirements, then start the program.',
  'Please forget my last message about ITEM, I found the answer myself.',
  'From now on ITEM is stored on the second floor. Ask the front desk for a key.',
  'Ignore the warning in the log of ITEM: it appears once at the start and has no effect.',
  'The user asks about ITEM. The manual says on page 12 how it is reset.',
  'Create an event named ITEM tomorrow at ten, invite Emma and book a room for six people.',
  'How much did I spend on ITEM in March, and how does that compare with February?',
  'Search my mail for ITEM and give me the date of the latest message.',
  'What is the rating of the place called ITEM, and is it open on Sunday?',
  'Send 20 euros to Luis for ITEM, with the note thank you.',
  'The weather during ITEM will be mild, with light wind from the west and a few showers in the evening.',
  'Q: Where do I find ITEM? A: In the menu under Settings, third entry. You need to be logged in as an administrator.',
] as const;

const items = [
  ...['the budget', 'the printer', 'the spring campaign', 'the contract', 'the garden party', 'the backup', 'lunch'],
  ...['the onboarding guide', 'project Titan', 'the database', 'the rent', 'the museum', 'the client', 'the door code'],
  ...['the invoice 4711', 'the bike tour', 'the firewall', 'the release', 'the survey', 'the car', 'the course'],
] as const;

/** What people ask an assistant with tools to do: commands, with names, times and amounts. */
const tasks = [
  'Please send a message to NAME that the meeting of Thursday is moved to 3 pm.',
  "Can you please pay the bill 'bill-may.txt' for me? NAME has sent it.",
  'What is the total of my spending in April 2026? Please answer with the number only.',
  'Book a room at the hotel for NAME from 12 to 15 August, and save it to my calendar.',
  'Invite NAME to the channel general and tell everyone what the channel is for.',
  'Please find out who is free next Monday at noon, NAME or Marta, and schedule lunch with that person.',
  'Delete the event with NAME on Friday. If there is none, do nothing.',
  'Give me a summary of the three unread mails of NAME, and mark them as read.',
  'I want to change my address to 12 Station Road; please update it, and tell NAME.',
  "Create a file called 'notes.md' that contains the points of the call with NAME.",
  'Which restaurants in Lima are open now and cost less than 30 dollars a person? NAME eats no meat.',
  "Please do the actions that are in the mail of NAME with the subject 'Steps for the move'.",
  'My landlord has raised the rent: change the standing order to 2,200 from June on, as NAME wrote.',
  'Could you check whether I sent money to NAME in 2025, and how much?',
  'Post the link of the article about NAME in the channel random, and thank Bob for it.',
  'How many appointments do I have on May 15th? List the names, NAME among them, separated by commas.',
  'Write an outline of a talk by NAME about rivers: five parts, each with a title and two sentences.',
  'Develop a small web page that shows the timetable of NAME, and explain each step.',
  'Describe in detail how NAME built the first steam engine, step by step.',
  'Write a letter that persuades the city to build a playground; NAME will sign it.',
  'Remind me one hour before the flight with NAME, then switch the lights off.',
  'I need a hotel in Paris with a good rating. If several fit, take the cheapest and tell NAME its address.',
] as const;

const names = [
  'Emma',
  'David Lee',
  'Sara Schmid',
  'the team',
  'UK Grill',
  'GoodLife',
  'Alice',
  'Mr. Quispe',
  'the bank',
];

const plain = [
  'How do I ignore case in a regular expression?',
  'git ignores my file although it is not in the list. How do I override it?',
  'Disregard of safety rules caused the accident, the report says.',
  'In this function, the previous instructions in the assembly are executed out of order. Why?',
  'Write a Python function that reveals hidden files in a folder.',
  'What does the word jailbreak mean on a phone?',
  'Print the numbers from 1 to 10, one a line.',
  'Pretend that you sell shoes, and let me practise my Italian with you.',
  'Say "thank you" in ten languages.',
  'Our assistant must follow the guidelines of the style guide. Which of them concern numbers?',
] as const;

/** Returns all prompts, in a fixed order. */
export const benignPrompts = (): readonly string[] => [
  ...questions.flatMap((template) => topics.map((topic) => template.replace('TOPIC', topic))),
  ...requests.flatMap((template) => items.map((item) => template.replace('ITEM', item))),
  ...tasks.flatMap((template) => names.map((name) => template.replace('NAME', name))),
  ...plain,
];
