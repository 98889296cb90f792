const api = createClient({ auth: { clientId: process.env.ID, clientSecret: process.env.SECRET } });
module.exports = api;
