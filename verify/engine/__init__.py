"""How an audit is carried out: cut into shards, run by workers here or on a cluster, kept as they finish, put together.

A shard is a claim's id, some of its statements and a range of instances; workers are sent ids, numbers and a seed and
answer with records in JSON. What is put together does not depend on who ran what, when, or in how many attempts.
"""
