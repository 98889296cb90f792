const express = require('express');
const { getClient } = require('../lib/client');

const router = express.Router();

router.get('/login', async (req, res) => res.redirect(await getClient().getAuthCodeUrl({ scopes: [] })));

router.get('/me', async function (req, res) {
    for (const account of req.session.accounts) {
        await getClient().acquireTokenSilent({ account, scopes: [] });
    }
    res.end();
});

module.exports = router;
