const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./config');

exports.makeClient = function () {
    return new ConfidentialClientApplication(msalConfig);
};
