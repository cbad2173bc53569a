// Renders templates with stock Handlebars. Input: {"event": …, "templates": [text, …]} on standard input; output: an array of the rendered texts,
// null where Handlebars threw. Texts are escaped for JSON strings beforehand, since Handlebars escapes for HTML or not at all.

const Handlebars = require('handlebars');

function escaped(value) {
  if (typeof value === 'string') return JSON.stringify(value).slice(1, -1);
  if (Array.isArray(value)) return value.map(escaped);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, escaped(inner)]));
  }
  return value;
}

const helpers = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  gt: (a, b) => a > b,
  and: (a, b) => Boolean(a) && Boolean(b),
  or: (a, b) => Boolean(a) || Boolean(b),
  not: (a) => !a || (Array.isArray(a) && a.length === 0),
  upper: (text) => (text === undefined ? '' : String(text).toUpperCase()),
  default: (value, other) => (value === undefined || value === null || value === '' ? other : value),
};
for (const [name, helper] of Object.entries(helpers)) Handlebars.registerHelper(name, helper);

const input = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const event = escaped(input.event);
const rendered = input.templates.map((text) => {
  try {
    return Handlebars.compile(text, {noEscape: true})(event);
  } catch {
    return null;
  }
});
process.stdout.write(JSON.stringify(rendered));
