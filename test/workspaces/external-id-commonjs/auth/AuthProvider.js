const msal = require('@azure/msal-node');

/** Signs members in with the authorization code flow. */
class AuthProvider {
    constructor(config) {
        this.config = config;
        this.cryptoProvider = new msal.CryptoProvider();
    }

    getMsalInstance() {
        return new msal.ConfidentialClientApplication(this.config.msalConfig);
    }

    async login(req, res, next) {
        try {
            const { verifier, challenge } = await this.cryptoProvider.generatePkceCodes();
            req.session.pkceVerifier = verifier;
            const url = await this.getMsalInstance().getAuthCodeUrl({
                scopes: ['openid', 'profile'],
                redirectUri: this.config.REDIRECT_URI,
                codeChallenge: challenge,
                codeChallengeMethod: 'S256',
            });
            res.redirect(url);
        } catch (error) {
            next(error);
        }
    }

    async handleRedirect(req, res, next) {
        try {
            const response = await this.getMsalInstance().acquireTokenByCode({
                code: req.query.code,
                codeVerifier: req.session.pkceVerifier,
                scopes: ['openid', 'profile'],
                redirectUri: this.config.REDIRECT_URI,
            });
            req.session.account = response.account;
            res.redirect('/');
        } catch (error) {
            next(error);
        }
    }
}

module.exports = AuthProvider;
