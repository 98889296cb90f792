const config = {
  auth: {
    clientId: process.env.CLIENT_ID
    clientSecret: process.env.CLIENT_SECRET,
  },
};
