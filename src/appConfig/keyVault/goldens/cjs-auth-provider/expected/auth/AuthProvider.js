const msal = require('@azure/msal-node');
const axios = require('axios');
const { msalConfig } = require('../authConfig');
const { clientCertificateFetched } = require('../keyVaultCertificate');

class AuthProvider {
    config;
    cryptoProvider;

    constructor(config) {
        this.config = config;
        this.cryptoProvider = new msal.CryptoProvider();
    }

    getMsalInstance(msalConfig) {
        return new msal.ConfidentialClientApplication(msalConfig);
    }

    login(options = {}) {
        return async (req, res, next) => {
            req.session.csrfToken = this.cryptoProvider.createNewGuid();
            // The client is made anew for every request.
            await clientCertificateFetched();
            const msalInstance = this.getMsalInstance(this.config.msalConfig);
            return this.redirectToAuthCodeUrl(options, msalInstance)(req, res, next);
        };
    }

    getToken(scopes) {
        return async function (req, res, next) {
            await clientCertificateFetched();
            const msalInstance = authProvider.getMsalInstance(authProvider.config.msalConfig);
            try {
                if (req.session.tokenCache) {
                    msalInstance.getTokenCache().deserialize(req.session.tokenCache);
                }
                const again = authProvider.getMsalInstance(authProvider.config.msalConfig);
                await again.acquireTokenSilent({ account: req.session.account, scopes });
                next();
            } catch (error) {
                next(error);
            }
        };
    }

    redirectToAuthCodeUrl(options, msalInstance) {
        return async (req, res, next) => {
            res.redirect(await msalInstance.getAuthCodeUrl(options));
        };
    }
}

const authProvider = new AuthProvider({ msalConfig });

module.exports = authProvider;
