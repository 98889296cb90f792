import express, { type Request, type Response } from 'express';
import { client as msal } from './client';

export async function login(request: Request, response: Response): Promise<void> {
  response.redirect(await msal.getAuthCodeUrl({ scopes: [], redirectUri: request.url }));
}

const app = express();
app.get('/login', login);
