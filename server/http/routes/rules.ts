import { Type } from 'typebox';
import { Bilingual, nullable, page, SeveritySchema, Slug } from '#contract/primitives.ts';
import { RuleCondition } from '#contract/rule.ts';
import type { Api, HttpDeps } from '../deps.ts';
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
