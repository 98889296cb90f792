const nodemailer = require('nodemailer');
exports.mail = nodemailer.createTransport({
  service: 'Outlook365',
  auth: { type: 'OAuth2', user: 'a@contoso.example', clientId: process.env.ID, clientSecret: process.env.SECRET, refreshToken: 'x' },
});
