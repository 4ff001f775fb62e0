"""What analysts search: texts and facts, apart.

On one box these are two files (`sqlite.py`, `schema.sql`); on Elasticsearch six families of indices below
one prefix (`elastic.py`, `templates/`), because a free licence separates indices, not fields:

| family            | one document is            | an index holds           | goes                                |
|-------------------|----------------------------|--------------------------|-------------------------------------|
| `posts`           | the text of a post         | a week of `published_at` | whole, after 30 to 37 days          |
| `facts-posts`     | a post without its words   | a month of it            | whole, after 24 to 25 months        |
| `facts-incidents` | the latest of an incident  | all                      | singly; words with the texts        |
| `facts-ledger`    | what was done about one    | a month                  | whole                               |
| `facts-health`    | a stage at one moment      | a month                  | whole                               |
| `cards`           | what stands of a post      | all                      | singly; of forgotten posts never    |

The desk alone reads `posts` and `cards`; boards live on `facts-*`. Months, not weeks, for facts: 25 indices
rather than 105, and nothing in them is any person's words. Incidents and cards are not cut by time, for a
document must be found again by its id alone, whatever its time has become. Aliases of the same names
without a layout's number (`PREFIX-posts`, `PREFIX-facts-incidents`, …) are what searches and boards read.
"""
