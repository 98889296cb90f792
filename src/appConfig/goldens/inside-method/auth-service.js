const msal = require('@azure/msal-node');

class AuthService {
    getClient() {
        return new msal.ConfidentialClientApplication({
            auth: {
                clientId: process.env.CLIENT_ID,
                authority: process.env.AUTHORITY,
                clientSecret: process.env.CLIENT_SECRET
            },
            cache: { cachePlugin: this.cachePlugin }
        });
    }
}

module.exports = AuthService;
