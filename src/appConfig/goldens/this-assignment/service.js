const msal = require("@azure/msal-node");

class Service {
  constructor() {
    this.msalConfig = {
      auth: {
        clientId: process.env.CLIENT_ID,
        authority: process.env.AUTHORITY,
        clientSecret: process.env.CLIENT_SECRET,
      },
    };
    this.client = new msal.ConfidentialClientApplication(this.msalConfig);
  }
}

module.exports = { Service };
