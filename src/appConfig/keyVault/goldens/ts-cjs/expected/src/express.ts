import express, { type Request, type Response } from 'express';
import { client as msal, clientReady } from './client';

export async function login(request: Request, response: Response): Promise<void> {
  await clientReady;
  response.redirect(await msal.getAuthCodeUrl({ scopes: [], redirectUri: request.url }));
}

const app = express();
app.get('/login', login);
