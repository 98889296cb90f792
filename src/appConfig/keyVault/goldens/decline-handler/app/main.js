const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

const router = require('express').Router();

router.get('/', (req, res) => {
    new ConfidentialClientApplication(msalConfig).getAuthCodeUrl({ scopes: [] }).then((url) => res.redirect(url));
});

module.exports = router;
