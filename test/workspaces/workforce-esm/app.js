import express from 'express'
import { client } from './src/client.js'
import { redirectUri } from './src/msalConfig.js'

const app = express()
const scopes = ['User.Read']

app.get('/', (_request, response) => {
  response.send('<a href="/sign-in">Sign in to book a room</a>')
})

app.get('/sign-in', async (_request, response) => {
  response.redirect(await client.getAuthCodeUrl({ scopes, redirectUri }))
})

app.get('/signed-in', async (request, response) => {
  const { account } = await client.acquireTokenByCode({ code: request.query.code, scopes, redirectUri })
  response.send(`Hello ${account.name}, pick a room.`)
})

app.listen(process.env.PORT, () => console.log(`Open http://localhost:${process.env.PORT}`))
