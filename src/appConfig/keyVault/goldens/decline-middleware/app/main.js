const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

const app = require('express')();
const cca = new ConfidentialClientApplication(msalConfig);

app.use(authMiddleware(cca));
app.listen(3000);
