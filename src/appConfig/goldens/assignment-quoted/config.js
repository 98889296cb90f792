const msal = require('@azure/msal-node')
const config = { auth: { clientId: process.env.CLIENT_ID, clientSecret: '' } }
config.auth['clientSecret'] ??= process.env.CLIENT_SECRET
module.exports = new msal.ConfidentialClientApplication(config)
