const express = require("express");
const msal = require("@azure/msal-node");
require("dotenv").config();
const { clientCertificateFetched, fetchClientCertificate } = require("./keyVaultCertificate");

const SERVER_PORT = process.env.PORT || 3000;

// Before running the sample, you will need to replace the values in the config
const config = {
	auth: {
		clientId: process.env.CLIENT_ID,
		authority: "https://login.microsoftonline.com/common",
		clientCertificate: fetchClientCertificate()
	}
};

// Create msal application object
let cca;
const ccaReady = clientCertificateFetched().then(() => (cca = new msal.ConfidentialClientApplication(config)));

// Create Express App and Routes
const app = express();

app.get("/", (req, res) => {
	const authCodeUrlParameters = { scopes: ["user.read"], redirectUri: "http://localhost:3000/redirect" };

	// get url to sign user in and consent to scopes needed for application
	cca.getAuthCodeUrl(authCodeUrlParameters).then((response) => {
		res.redirect(response);
	}).catch((error) => console.log(JSON.stringify(error)));
});

app.get("/redirect", (req, res) => {
	cca.acquireTokenByCode({ code: req.query.code, scopes: ["user.read"] }).then((response) => {
		res.sendStatus(200);
	}).catch((error) => {
		res.status(500).send(error);
	});
});

ccaReady.then(() => app.listen(SERVER_PORT, () => console.log(`Msal Node Auth Code Sample app listening on port ${SERVER_PORT}!`)))
