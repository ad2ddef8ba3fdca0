import { Type } from 'typebox';
import { Bilingual, nullable, page, SeveritySchema, Slug } from '#contract/primitives.ts';
import { RuleCondition } from '#contract/rule.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { notFound } from '../guard.ts';
import { answers, onePage } from './answers.ts';

const RuleSummary = Type.Object({
  alert: Slug,
  title: Bilingual,
  severity: SeveritySchema,
  file: Type.String({ description: 'relative to the rules directory' }),
  condition: RuleCondition,
  runbook: nullable(Type.String()),
});

const Finding = Type.Object({
  file: Type.String(),
  line: Type.Integer(),
  column: Type.Integer(),
  rule: nullable(Type.String()),
  reason: Type.String(),
  suggestion: nullable(Type.String()),
});

export function ruleRoutes(api: Api, { rules }: HttpDeps): void {
  api.get(
    '/rules',
    {
      config: { policy: 'rules:read' },
      schema: { summary: 'Rules in force', tags: ['rules'], response: answers({ 200: page(RuleSummary) }) },
    },
    async () => onePage(rules.list()),
  );

  api.get(
    '/rules/:rule/runbook',
    {
      config: { policy: 'rules:read' },
      schema: {
        summary: 'What to do when this rule fires',
        tags: ['rules'],
        params: Type.Object({ rule: Slug }),
        response: answers({
          200: { description: 'Markdown', content: { 'text/markdown': { schema: Type.String() } } },
        }),
      },
    },
    async (request, reply) => {
      const text = await rules.runbook(request.params.rule);
      if (text === null) throw notFound(`runbook of rule "${request.params.rule}"`);
      reply.type('text/markdown; charset=utf-8').serializer((body: string) => body);
      return reply.send(text);
    },
  );

  api.post(
    '/rules/lint',
    {
      config: { policy: 'rules:lint', repeatFor: 0 },
      schema: {
        summary: 'Checks the text of a rule file; changes nothing',
        tags: ['rules'],
        body: Type.Object({ text: Type.String({ maxLength: 200_000 }) }),
        response: answers({ 200: Type.Object({ findings: Type.Array(Finding) }) }),
      },
    },
    async (request) => ({ findings: [...rules.lint(request.body.text)] }),
  );
}
