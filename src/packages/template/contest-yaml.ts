/** The commented `contest.yaml` of a new contest: every setting that `readContest` knows, those with a default as comments. */
export function contestYaml(id: string): string {
  return `# A dikast contest. Every setting is here; a line that begins with "# " and a key shows the default or an example.
# Names are DOMjudge's and CLICS' where they mean the same. Check it: dikast contest check .

# For URLs and commands: letters, digits, - _ . (default: this folder's name)
id: ${id}
name: My first contest

# When it starts, with its zone; or from the moment the network is started, as in "+10m". Without it the organizer opens the
# contest by hand (dikast open).
# start_time: 2027-01-16T10:00:00+01:00

# Durations are written 5:00:00, 90s or 1h30m.
duration: 5:00:00

# The public board stands still for the last hour; the organizer unfreezes it. 0s: never.
scoreboard_freeze_duration: 1:00:00
# The same, said as the time into the contest at which it freezes (one of the two):
# scoreboard_freeze_time: 4:00:00

# Minutes for each rejected attempt before the accepted one.
penalty_time: 20

# pass-fail (ICPC: problems, then penalty) or score (IOI: points).
scoreboard_type: pass-fail
# With points: max counts a contestant's best submission, max_subtask the best of each test group over all submissions (as the IOI).
# score_mode: max

# How often one contestant may hand in a solution of one problem (problems below may say otherwise), and how long it waits between
# two submissions. Default: as often as it likes. Practice after the end knows no limits.
# max_submissions: 50
# min_submission_interval: 30s

# What contestants may submit. c, cpp, python3, javascript and typescript run in the embedded sandbox;
# java, kotlin, go and rust need Docker on every node that evaluates.
languages: [c, cpp, python3, javascript, typescript]

# --- The network of the contest -------------------------------------------------------------------------------------

# Who may take part: open (whoever has the invite), token (the invite holds a secret), allow-list (named keys only).
registration: token
# With allow-list: the ids that \`dikast init\` prints.
# allow_list: [16Uiu2HAm…, 16Uiu2HAk…]
# Whether newcomers are let in once the contest runs; it ends for them when it ends for all.
# late_registration: true
# Nobody may register before or after; default: until the contest ends (without late registration: until it is opened).
# registration_opens: 2027-01-15T08:00:00+01:00
# registration_closes: 2027-01-16T09:45:00+01:00

# Further sages, so that registration and start do not hang on one machine; a majority of all sages must run at the start.
# \`dikast sage card\` prints these lines on the other machine, which then joins with \`dikast sage --join INVITE\`.
# sages:
#   - id: 16Uiu2HAm…
#     addresses: [/ip4/192.0.2.8/tcp/9000]
#     beacon: "5f0c…"

# Who evaluates submissions: all, jurors, or jurors-first.
# evaluators: all

# Leaders and clusters are drawn anew for each session.
# session_length: 10m

# Nodes in a cluster; odd, at least 3. The majority of a cluster decides a verdict.
# cluster_size: 5

# Members that evaluate at first; the others are asked when results differ. Default: the smallest majority.
# redundancy: 3

# Of a hundred verdicts, how many a jury of other nodes runs again, drawn by lot with the next session. 0: none.
# checks_percent: 3

# Nodes that hold copies of the contest's log; odd.
# council_size: 5

# Whether clusters are drawn within regions where possible.
# keep_regions: false

# --- Problems -------------------------------------------------------------------------------------------------------

# Folders beside this file, in the order of the board. Only "id" is needed: labels are A, B, … by default, names and limits come
# from the packages (Kattis/ICPC format, legacy or 2025-09; Polygon: dikast contest import).
problems:
  - id: sum
    label: A
    color: gold
    rgb: "#ffd700"
    # Wins over the package's name and limit:
    # name: Another name
    # time_limit: 2.0
    # With points: what a full solution is worth on the board (default: as the package says; 100 for pass-fail problems).
    # points: 100
    # max_submissions: 20
`;
}
