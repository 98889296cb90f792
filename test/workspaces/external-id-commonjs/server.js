const express = require('express');
const session = require('express-session');
const authConfig = require('./authConfig');
const AuthProvider = require('./auth/AuthProvider');

const app = express();
const auth = new AuthProvider(authConfig);

app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }));

app.get('/', (req, res) => {
    const name = req.session.account?.name;
    res.send(name ? `Welcome back, ${name}.` : '<a href="/auth/login">Sign in</a>');
});
app.get('/auth/login', (req, res, next) => auth.login(req, res, next));
app.get('/auth/redirect', (req, res, next) => auth.handleRedirect(req, res, next));
app.get('/auth/logout', (req, res) => {
    req.session.destroy(() => res.redirect(authConfig.POST_LOGOUT_REDIRECT_URI));
});

app.listen(3000, () => console.log('Open http://localhost:3000'));
