/** The certificate and private key of this app, fetched from Azure Key Vault once per start. */
const { createHash, createPrivateKey, X509Certificate } = require("crypto");
const { DefaultAzureCredential } = require("@azure/identity");
const { CertificateClient } = require("@azure/keyvault-certificates");
const { SecretClient } = require("@azure/keyvault-secrets");
const forge = require("node-forge");

/** "latest" takes a new version only when it is this old: time to add it to the app registration. */
const gracePeriod = 24 * 60 * 60 * 1000;

const noKey =
	"The vault hands out no RSA private key: it is not exportable, or of another type. Make a version with an exportable RSA key.";
const noAnswer =
	"Nothing came within 30 seconds: the vault or the sign-in server cannot be reached, or asks to wait (HTTP 429). Check network, proxy and firewall.";

let certificate;
let fetching;

/** What MSAL needs as `clientCertificate`. Its values are there when `clientCertificateFetched()` has resolved. */
function fetchClientCertificate() {
	// A failure ends the app at its start, as an unhandled rejection that says what to do.
	void clientCertificateFetched();
	return {
		get thumbprintSha256() {
			return fetched().thumbprintSha256;
		},
		get privateKey() {
			return fetched().privateKey;
		},
	};
}

/** Await this before a client is made. Rejects with what is wrong and what to do. */
function clientCertificateFetched() {
	// Whoever asks after a failure has it fetched anew.
	fetching ??= fetchCertificate().then(
		(result) => {
			certificate = result;
		},
		(error) => {
			fetching = undefined;
			throw error;
		},
	);
	return fetching;
}

function fetched() {
	if (!certificate) {
		throw new Error("The certificate is still being fetched. Await clientCertificateFetched() before the client is made.");
	}
	return certificate;
}

async function fetchCertificate() {
	const vaultUrl = setting("KEY_VAULT_URL");
	const name = setting("CLIENT_CERTIFICATE_NAME");
	const wanted = setting("CLIENT_CERTIFICATE_VERSION");
	const limit = { abortSignal: AbortSignal.timeout(30_000) };
	// Signing in does not heed the signal.
	const late = new Promise((_, reject) => {
		limit.abortSignal.onabort = () => reject(new Error(noAnswer));
	});
	try {
		return await Promise.race([late, fetchVersion(vaultUrl, name, wanted, limit)]);
	} catch (error) {
		throw new Error(`Certificate "${name}", version ${wanted}, of ${vaultUrl}: ${explain(error)}`);
	}
}

async function fetchVersion(vaultUrl, name, wanted, limit) {
	// The vault names the tenant it belongs to, which need not be this app's own.
	const credential = new DefaultAzureCredential({ additionallyAllowedTenants: ["*"] });
	const certificates = new CertificateClient(vaultUrl, credential);
	const secrets = new SecretClient(vaultUrl, credential);
	const version = wanted === "latest" ? await latestVersion(certificates, name, limit) : wanted;
	const { cer, properties } = await certificates.getCertificateVersion(name, version, limit);
	if (!properties.enabled || !cer) {
		throw new Error("This version is disabled or not issued yet. Enable it, or name another version.");
	}
	if (properties.expiresOn && properties.expiresOn < new Date()) {
		throw new Error("This version has expired. Renew the certificate and name the new version.");
	}
	// Certificate, key and secret of one version belong together.
	const secret = await secrets.getSecret(name, { version, ...limit });
	const key = createPrivateKey(privateKeyIn(secret.value ?? ""));
	if (key.asymmetricKeyType !== "rsa") throw new Error(noKey);
	if (!new X509Certificate(cer).checkPrivateKey(key)) {
		throw new Error("The private key does not belong to the certificate. Name another version.");
	}
	return {
		thumbprintSha256: createHash("sha256").update(cer).digest("hex").toUpperCase(),
		privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
	};
}

/** The newest version that is enabled and old enough; for a new certificate its first. */
async function latestVersion(certificates, name, limit) {
	const versions = [];
	const list = certificates.listPropertiesOfCertificateVersions(name, limit);
	for await (const { version, enabled, createdOn, expiresOn } of list) {
		const expired = expiresOn !== undefined && expiresOn < new Date();
		if (version && enabled && !expired) versions.push({ version, created: createdOn?.getTime() ?? 0 });
	}
	versions.sort((a, b) => b.created - a.created);
	const chosen = versions.find(({ created }) => created <= Date.now() - gracePeriod) ?? versions[versions.length - 1];
	if (!chosen) throw new Error("There is no enabled version that has not expired. Renew the certificate in the vault.");
	return chosen.version;
}

/** Key Vault hands out PEM text, or PKCS#12 as base64 with an empty password. */
function privateKeyIn(secret) {
	if (secret.includes("-----BEGIN ")) {
		const pem = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]+-----END \1-----/.exec(secret);
		if (!pem) throw new Error(noKey);
		return pem[0];
	}
	const pfx = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(forge.util.decode64(secret)), false, "");
	// Encrypted and plain key bags.
	for (const bagType of ["1.2.840.113549.1.12.10.1.2", "1.2.840.113549.1.12.10.1.1"]) {
		const key = pfx.getBags({ bagType })[bagType]?.[0]?.key;
		if (key) return forge.pki.privateKeyToPem(key);
	}
	throw new Error(noKey);
}

function explain(error) {
	const { name, statusCode, message } = error;
	if (/Credential|Authentication/.test(name ?? "")) {
		return `No identity to ask the vault with. Give this app a managed identity, or run "az login" here. ${message}`;
	}
	switch (statusCode) {
		case 401:
			return `The vault does not accept the identity of this app, perhaps because it belongs to another tenant. ${message}`;
		case 403:
			return `This app may not read it. Give its identity the role "Key Vault Certificate User" on the vault (with access policies: certificates get and list, secrets get), and see that its firewall admits this app. ${message}`;
		case 404:
			return `There is none. Check the vault, the name and the version. ${message}`;
		default:
			return message;
	}
}

/** Without its settings the app must not start: an empty value would fail later, and elsewhere. */
function setting(name) {
	const value = process.env[name];
	if (!value) throw new Error(`The environment variable ${name} is not set. Set it where this app runs.`);
	return value;
}

module.exports = { clientCertificateFetched, fetchClientCertificate };
