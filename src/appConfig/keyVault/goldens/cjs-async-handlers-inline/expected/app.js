require('dotenv').config()
const express = require('express')
const { ConfidentialClientApplication } = require('@azure/msal-node')
const { clientCertificateFetched, fetchClientCertificate } = require('./keyVaultCertificate')

let client
const clientReady = clientCertificateFetched().then(() => (client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientCertificate: fetchClientCertificate()
  }
})))

const app = express()

app.get('/login', async (req, res) => {
  await clientReady
  res.redirect(await client.getAuthCodeUrl({ scopes: [] }))
})

app.get('/token', async (req, res, next) => {
  if (!req.query.code) return res.sendStatus(400)
  try {
    await clientReady
    const { account } = await client.acquireTokenByCode({ code: req.query.code, scopes: [] })
    await client.clearCache()
    res.send(account.name)
  } catch (error) {
    next(error)
  }
})

module.exports = app
