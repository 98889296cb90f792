const express = require('express');
const { client } = require('./src/client.js');

express().get('/', async (req, res) => res.send(await client.getAuthCodeUrl({ scopes: [] })));
