import { escapeHtml } from './html.ts';
import type { JsonSchema } from './openapi-schemas.ts';

/** The fields of a schema as a list for people, with what is within them. Named schemas are linked to. */
export function fieldsOf(schema: JsonSchema): string {
  const variants = schema.oneOf ?? schema.anyOf;
  const about = schema.description === undefined ? '' : `<p>${escapeHtml(schema.description)}</p>`;
  if (schema.$ref === undefined && variants && variants.some((variant) => variant.properties)) {
    return `${about}<p class="quiet">One of these:</p>${variants.map((variant) => `<div class="variant">${fieldsOf(variant)}</div>`).join('')}`;
  }
  if (!schema.properties) return `${about}<p><span class="type">${typeOf(schema)}</span></p>`;
  const fields = Object.entries(schema.properties).map(([name, field]) => {
    const isNeeded = schema.required?.includes(name);
    const needed = isNeeded ? ' <span class="needed">needed</span>' : '';
    const inner = innerOf(field);
    const more = [field.description === undefined ? '' : escapeHtml(field.description), inner].join('');
    return `<dt><code>${escapeHtml(name)}</code> <span class="type">${typeOf(field)}</span>${needed}</dt>${more && `<dd>${more}</dd>`}`;
  });
  return `${about}<dl>${fields.join('')}</dl>`;
}

/** The type of a schema in a few words, as HTML. */
export function typeOf(schema: JsonSchema): string {
  const { $ref, type, items, enum: values, const: value, format, additionalProperties } = schema;
  if ($ref !== undefined) {
    const name = escapeHtml($ref.split('/').at(-1) ?? '');
    return `<a href="#schema-${name}">${name}</a>`;
  }
  if (value !== undefined) return escapeHtml(JSON.stringify(value));
  if (values) return values.map((each) => escapeHtml(JSON.stringify(each))).join(' | ');
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants) return [...new Set(variants.map(typeOf))].join(' | ');
  if (type === 'array') return `list of ${typeOf(items ?? {})}`;
  if (type === 'object' && !schema.properties) {
    return typeof additionalProperties === 'object' ? `record of ${typeOf(additionalProperties)}` : 'object';
  }
  return escapeHtml([type ?? 'anything', format, boundsOf(schema)].filter(Boolean).join(', '));
}

function boundsOf({ minimum, exclusiveMinimum, maximum, minLength, maxLength }: JsonSchema): string {
  const bounds = [
    minimum !== undefined && `from ${minimum}`,
    exclusiveMinimum !== undefined && `above ${exclusiveMinimum}`,
    maximum !== undefined && `to ${maximum}`,
    minLength !== undefined && `at least ${minLength} characters`,
    maxLength !== undefined && `at most ${maxLength} characters`,
  ];
  return bounds.filter(Boolean).join(' ');
}

/** What is within a field that has no name of its own. */
function innerOf(field: JsonSchema): string {
  if (field.$ref !== undefined) return '';
  if (field.properties) return fieldsOf({ ...withoutDescription(field) });
  if (field.items) return innerOf(field.items);
  const variants = (field.oneOf ?? field.anyOf ?? []).filter(({ properties }) => properties);
  return variants.map((variant) => `<div class="variant">${fieldsOf(variant)}</div>`).join('');
}

function withoutDescription({ description: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
