#!/usr/bin/env node
// The same command for those who start it as a module.
import "./labc.cjs";
