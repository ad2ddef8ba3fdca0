import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
import type { Api, HttpDeps } from './deps.ts';
import { guardRoutes } from './guard.ts';
import { IdempotencyMemory, rememberWrites } from './idempotency.ts';
import { describeContract } from './openapi.ts';
import { HttpProblem, sendProblem } from './problem.ts';
import { alertRoutes } from './routes/alerts.ts';
import { contractRoutes } from './routes/contract-documents.ts';
import { tokenRoutes, unitRoutes, userRoutes } from './routes/identity.ts';
import { operatingRoutes } from './routes/operating.ts';
import { fileRoutes, pageRoutes } from './routes/pages.ts';
import { pushRoutes } from './routes/push.ts';
import { recordRoutes } from './routes/records.ts';
import { ruleRoutes } from './routes/rules.ts';
import { sampleRoutes } from './routes/samples.ts';
import { seriesRoutes } from './routes/series.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { sourceRoutes } from './routes/sources.ts';
import { thingRoutes } from './routes/things.ts';
import { pairingRoutes, wallRoutes } from './routes/walls.ts';
import { securityHeaders } from './security-headers.ts';
import { answerBrokenRequest, createHttpServer } from './server.ts';
import { validatorCompiler } from './validation.ts';

/** Bodies other than samples are forms filled in by people. */
const BODY_LIMIT = 256 * 1024;
const PREFIX = '/api/v1';

/** Under `/api/v1`; the order is that of the published document. */
const API_ROUTES = [
  sessionRoutes,
  sampleRoutes,
  thingRoutes,
  seriesRoutes,
  alertRoutes,
  ruleRoutes,
  sourceRoutes,
  recordRoutes,
  wallRoutes,
  pairingRoutes,
  pushRoutes,
  unitRoutes,
  userRoutes,
  tokenRoutes,
  contractRoutes,
];
/** At the root. */
const ROOT_ROUTES = [operatingRoutes, pageRoutes, fileRoutes];

/**
 * Builds the HTTP interface, ready for `inject` or `listen`; sockets attach to its `server`.
 * @param extend adds routes outside `/api/v1`, under the same rules
 * @throws Error naming the route that declares no policy
 */
export async function buildHttp(deps: HttpDeps, extend: (app: Api) => void = () => {}): Promise<Api> {
  const { options, log, auth } = deps;
  const app = Fastify({
    serverFactory: (handler) => createHttpServer(handler, options),
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    handlerTimeout: 30_000,
    // An address list and nothing else: a count of hops would let direct clients claim any address.
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    routerOptions: { maxParamLength: 256 },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>();

  readJson(app);
  app.setValidatorCompiler(validatorCompiler);
  // Shapes are typed against the schemas at compile time; the answer is what the handler returned.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler((error: Error, request, reply) => {
    const answered = sendProblem(error, request, reply);
    if (reply.statusCode >= 500) {
      log.error({ err: error, request: request.id, method: request.method, route: request.routeOptions.url }, 'failed');
    }
    return answered;
  });
  app.setNotFoundHandler((request, reply) => {
    return sendProblem(
      new HttpProblem('not-found', `there is no ${request.method} ${path(request.url)}`),
      request,
      reply,
    );
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('permissions-policy', 'camera=(self), geolocation=(self), microphone=()');
  });
  // What is not said to be cacheable belongs to one person at one moment.
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });

  await app.register(helmet, securityHeaders(options));
  await app.register(fastifyStatic, { serve: false });
  guardRoutes(app, auth);
  rememberWrites(app, new IdempotencyMemory({ now: deps.now }));
  await describeContract(app, options);
  const api = async (scope: Api) => {
    for (const routes of API_ROUTES) routes(scope, deps);
  };
  await app.register(api, { prefix: PREFIX });
  for (const routes of ROOT_ROUTES) routes(app, deps);
  extend(app);
  await app.ready();
  return app;
}

/** An empty body with a JSON type is no body: clients set the type on every POST, also where nothing is to be said. */
function readJson(app: Api): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    ['application/json', 'application/geo+json'],
    { parseAs: 'string' },
    (request, body: string, done) => (body === '' ? done(null, undefined) : parse(request, body, done)),
  );
}

function path(url: string): string {
  return url.split('?', 1)[0] ?? url;
}
