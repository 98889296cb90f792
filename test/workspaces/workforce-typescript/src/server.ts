import express from 'express';
import { client } from './auth';

const app = express();
const scopes = ['User.Read'];
const redirectUri = 'http://localhost:3000/auth/callback';

app.get('/auth/login', async (_request, response) => {
  response.redirect(await client.getAuthCodeUrl({ scopes, redirectUri }));
});

app.get('/auth/callback', async (request, response) => {
  const result = await client.acquireTokenByCode({ code: String(request.query.code), scopes, redirectUri });
  response.send(`Signed in as ${result.account?.username ?? 'nobody'}.`);
});

app.listen(3000, () => {
  console.log('Open http://localhost:3000/auth/login');
});
