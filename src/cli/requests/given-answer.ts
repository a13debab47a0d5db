import type { Answer, Question, Request } from '../../contract/request.ts';
import { OptioError } from '../../errors.ts';
import { type Field, fieldsOf } from './form.ts';

type Questions = Extract<Request, { kind: 'question' }>;
type Elicitation = Extract<Request, { kind: 'elicitation' }>;

/**
 * The answers to questions, one text for each: the number or the words of a choice, or something of one's own. Throws
 * `invalid-input`.
 */
export function answersOf({ questions }: Questions, texts: readonly string[]): Answer {
  if (texts.length !== questions.length) {
    throw new OptioError('invalid-input', `there are ${questions.length} questions and ${texts.length} answers`, {
      remedy: ['Give one answer for each:', ...questions.map(({ question }) => `  ${question}`)].join('\n'),
    });
  }
  const answers = questions.map((question, index): [string, string[]] => {
    return [question.id, [chosen(question, texts[index] ?? '')]];
  });
  return { kind: 'answers', answers: Object.fromEntries(answers) };
}

function chosen({ question, options, allowsOther }: Question, text: string): string {
  const choice = options[Number(text) - 1] ?? options.find(({ label }) => label === text);
  if (choice) return choice.label;
  if (allowsOther || options.length === 0) return text;
  const choices = options.map(({ label }, index) => `  ${index + 1} ${label}`);
  throw new OptioError('invalid-input', `"${text}" is none of the answers to "${question}"`, {
    remedy: ['Choose one, by its number or its words:', ...choices].join('\n'),
  });
}

/** A form that is filled in field by field. Throws `invalid-input`. */
export function formOf({ schema }: Elicitation, given: Readonly<Record<string, string>>): Answer {
  const fields = fieldsOf(schema);
  const content: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(given)) {
    const field = fields.find((candidate) => candidate.name === name);
    const value = field?.read(text);
    if (value === undefined)
      throw unfit(field ? `"${text}" is nothing for ${name}` : `there is no field ${name}`, fields);
    content[name] = value;
  }
  const missing = fields.find(({ name, isRequired }) => isRequired && !(name in content));
  if (missing) throw unfit(`${missing.name} is missing`, fields);
  return { kind: 'form', action: 'accept', content };
}

/** A form that is given as JSON, as the MCP server gets it. Throws `invalid-input`. */
export function formOfJson(json: string): Answer {
  try {
    return { kind: 'form', action: 'accept', content: JSON.parse(json) };
  } catch (cause) {
    throw new OptioError('invalid-input', `--content is not valid JSON: ${(cause as Error).message}`, {
      cause,
      remedy: 'Give an object, such as {"name": "value"}.',
    });
  }
}

function unfit(message: string, fields: readonly Field[]): OptioError {
  const lines = fields.map(({ name, label, choices, isRequired }) => {
    const which = choices.length > 0 ? ` (${choices.join(', ')})` : '';
    return `  ${name}=…  ${label}${which}${isRequired ? '' : ', if you like'}`;
  });
  return new OptioError('invalid-input', message, { remedy: ['Say --field for each of:', ...lines].join('\n') });
}
