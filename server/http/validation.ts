import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { FieldError } from '../auth/refusal.ts';
import { compileCheck } from '../commands/schema-errors.ts';

/** A request that does not match its schema. `fields` become the problem's `errors`. */
class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest';
  readonly code = 'FST_ERR_VALIDATION';
  readonly statusCode = 400;
  readonly fields: readonly FieldError[];

  constructor(part: string, fields: readonly FieldError[]) {
    super(`${part}: ${fields.map(({ at, reason }) => (at === '' ? reason : `${at} ${reason}`)).join('; ')}`);
    this.fields = fields;
  }
}

/** Validates with the contract's own schemas. Text in addresses and headers becomes numbers first, bodies are as sent. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = compileCheck(schema);
  const part = httpPart ?? 'request';
  return (value: unknown) => {
    const converted = part === 'body' ? value : Value.Convert(schema, value);
    const fields = check(converted);
    return fields.length === 0 ? { value: converted } : { error: new InvalidRequest(part, fields) };
  };
};
