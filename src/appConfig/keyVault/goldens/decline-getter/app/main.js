const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

module.exports = {
    get client() {
        return new ConfidentialClientApplication(msalConfig);
    },
};
