import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Callers } from './caller.js';
import type { Me, User } from './contract.js';
import { parse } from './parse.js';
import type { SignIn } from './sign-in.js';

const Credentials = z.strictObject({ user: z.string().min(1).max(100), password: z.string().min(1).max(200) });

/** Signing in and out. */
export function sessionRoutes(app: FastifyInstance, callers: Callers, signIn: SignIn): void {
  app.post('/api/sign-in', async (request, reply) => {
    const { user: name, password } = parse(Credentials, request.body);
    const { token, user } = await signIn.open(name, password, request.ip);
    callers.give(reply, token);
    return me(user);
  });

  app.post('/api/sign-out', async (request, reply) => {
    const session = await callers.session(request);
    if (session !== undefined) await signIn.close(session);
    callers.take(reply);
    return reply.code(204).send();
  });

  app.get('/api/me', async (request) => me((await callers.signedIn(request)).user));
}

function me({ user, name, roles }: User): z.input<typeof Me> {
  return { user, name, roles };
}
