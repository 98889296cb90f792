require('dotenv').config()
const express = require('express')
const { ConfidentialClientApplication } = require('@azure/msal-node')

const client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET
  }
})

const app = express()

app.get('/login', async (req, res) => {
  res.redirect(await client.getAuthCodeUrl({ scopes: [] }))
})

app.get('/token', async (req, res, next) => {
  if (!req.query.code) return res.sendStatus(400)
  try {
    const { account } = await client.acquireTokenByCode({ code: req.query.code, scopes: [] })
    await client.clearCache()
    res.send(account.name)
  } catch (error) {
    next(error)
  }
})

module.exports = app
