module.exports = { ...require('./client'), other: 1 };
