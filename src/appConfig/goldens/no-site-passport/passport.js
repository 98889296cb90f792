const { OIDCStrategy } = require('passport-azure-ad');
module.exports = new OIDCStrategy({
  identityMetadata: 'https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration',
  clientID: process.env.CLIENT_ID,
  clientSecret: process.env.CLIENT_SECRET,
}, (profile, done) => done(null, profile));
