// An OpenID provider on loopback for the tests of signing in. Whoever comes is signed in at once
// as the `login_hint` of the request (`nobody` says no); there are no passwords.
//
// It prints one line of JSON when it listens, and ends when its standard input does.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

let generation = 0;

function keys() {
  generation += 1;
  const made = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  };
  return Object.entries(made).map(([alg, { privateKey }]) => ({
    ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: `${alg}-${generation}`,
  }));
}

function client(id, alg, more) {
  return {
    client_id: id,
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/callback'],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: alg,
    ...more,
  };
}

function provider() {
  return new Provider(issuer, {
    clients: [
      client('tidan-public', 'ES256', { token_endpoint_auth_method: 'none' }),
      client('tidan-eddsa', 'EdDSA', { token_endpoint_auth_method: 'none' }),
      client('tidan-confidential', 'RS256', {
        client_secret: 'a secret of the tests: + and / and %',
      }),
    ],
    cookies: { keys: ['loopback'] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, email: `${accountId}@mail.example` }),
    }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    jwks: { keys: keys() },
    pkce: { required: () => true },
    ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 300, AccessToken: 300 },
  });
}

async function signIn(oidc, request, response) {
  const { prompt, params, session } = await oidc.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const result = params.login_hint === 'nobody'
      ? { error: 'access_denied', error_description: 'the person went away' }
      : { login: { accountId: params.login_hint ?? 'person-1' } };
    await oidc.interactionFinished(request, response, result);
    return;
  }
  const grant = new oidc.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope('openid');
  const consent = { grantId: await grant.save() };
  await oidc.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

let current = provider();
server.on('request', (request, response) => {
  if (request.method === 'POST' && request.url === '/rotate') {
    current = provider();
    response.writeHead(204).end();
  } else if (request.url.startsWith('/interaction/')) {
    signIn(current, request, response).catch((error) => {
      process.stderr.write(`${error.stack}\n`);
      response.writeHead(500).end();
    });
  } else {
    current.callback()(request, response);
  }
});

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
