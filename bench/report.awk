# Turns the runs into medians, ratios and verdicts. First file: mode, description. Second: mode, scenario, subject, run, wsload's line.
# Exit status 1: something is below its floor.

BEGIN {
  FS = "\t"
  floor["f1"] = 1.5; floor["f2"] = 0.7; floor["f3"] = 1.0; floor["connects"] = 1.0
  idle_floor = 10 * 1024
  called["nats"] = "nats-server"; called["nchan"] = "nginx with nchan"; called["ws"] = "npm's ws"
  judges = !tls && (peer == "" || peer == "nats")   # the floors are of plain text, beside nats-server
  words["f1"] = "F1 1 x 1,000"; words["f2"] = "F2 1,000 x 1"; words["f3"] = "F3 100 x"
}

FNR == NR { described[$1] = $2; modes[++mode_count] = $1; next }

{
  mode = $1; scenario = $2; subject = $3; run = $4; line = $5
  publishes = scenario in words
  has[mode, scenario] = 1
  runs_of[mode, scenario, subject] = run
  if (!(subject in known)) { known[subject] = 1; subjects[++subject_count] = subject }
  if (!(scenario in listed)) { listed[scenario] = 1; scenarios[++scenario_count] = scenario }
  raw[++raw_count] = sprintf("{\"loops\":\"%s\",\"scenario\":\"%s\",\"subject\":\"%s\",\"run\":%d,\"wsload\":%s}", mode, scenario, subject, run, line)

  keep("connections"); keep("ready"); keep("errors")
  keep("lost"); keep("duplicated"); keep("out_of_order"); keep("wrong_channel")
  if (publishes) {
    keep("window"); keep("rate"); keep("deliveries_per_s"); keep("p50_us"); keep("p99_us")
    # CPU time comes in steps of 10 ms: below ten of them it says nothing.
    keep_if(watched && number(line, "server_cpu_s") >= 0.1, "deliveries_per_server_cpu_s")
    wall = number(line, "wall_s")
    if (wall > 0) {
      value[mode, scenario, subject, run, "generator"] = 100 * number(line, "generator_cpu_s") / wall
      value[mode, scenario, subject, run, "server"] = watched ? 100 * number(line, "server_cpu_s") / wall : ""
    }
  }
  whole = number(line, "ready") > 0 && number(line, "ready") == number(line, "connections")
  keep_if(whole && watched && scenario == "idle", "rss_per_connection")
  keep_if(whole && watched && scenario == "idle", "anon_per_connection")
  keep_if(whole && scenario == "connects", "connects_per_s")
  cpu = number(line, "connect_server_cpu_s")
  if (whole && scenario == "connects" && cpu > 0) { value[mode, scenario, subject, run, "connects_per_server_cpu_s"] = number(line, "ready") / cpu }
}

END {
  print "Broker, " about
  print started ", " machine ", load " load
  if (listed["f1"] || listed["f2"] || listed["f3"]) {
    printf "%s-byte payload, %s s measured, %s, medians of %d", payload, duration, paced ? "OPEN loop: paced" : "CLOSED loop: the window is the messages under way", runs
    print paced ? "" : "; its p50 and p99 are mostly the window's queue"
  } else {
    print "medians of " runs
  }
  for (m = 1; m <= mode_count; m++) { report(modes[m]) }
  verdicts()
  if (json != "") { write_json() }
  exit (below ? 1 : 0)
}

function keep(key) { value[mode, scenario, subject, run, key] = number(line, key) }
function keep_if(known_here, key) { if (known_here) { keep(key) } }

# A number of wsload's flat JSON object, or nothing.
function number(text, key,   at, rest) {
  at = index(text, "\"" key "\":")
  if (!at) { return "" }
  rest = substr(text, at + length(key) + 3)
  return match(rest, /^-?[0-9.]+/) ? substr(rest, 1, RLENGTH) + 0 : ""
}

function median_of(list, n,   i, j, swap) {
  if (n == 0) { return "" }
  for (i = 2; i <= n; i++) {
    for (j = i; j > 1 && list[j - 1] > list[j]; j--) { swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap }
  }
  return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

function median(mode, scenario, subject, key,   r, n, list, v) {
  for (r = 1; r <= runs_of[mode, scenario, subject]; r++) {
    v = value[mode, scenario, subject, r, key]
    if (v != "") { list[++n] = v }
  }
  return median_of(list, n + 0)
}

# The machine drifts, so a ratio is taken within each run, and the median is of the ratios.
function ratio(mode, scenario, subject, peer, key,   r, n, list, a, b) {
  for (r = 1; r <= runs_of[mode, scenario, subject]; r++) {
    a = value[mode, scenario, subject, r, key]; b = value[mode, scenario, peer, r, key]
    if (a != "" && b != "" && b > 0) { list[++n] = a / b }
  }
  return median_of(list, n + 0)
}

function sum(mode, scenario, subject, key,   r, total) {
  for (r = 1; r <= runs_of[mode, scenario, subject]; r++) { total += value[mode, scenario, subject, r, key] }
  return total + 0
}

function grouped(v,   text, sign, done) {
  if (v == "") { return "-" }
  sign = v < 0 ? "-" : ""
  text = sprintf("%.0f", v < 0 ? -v : v)
  while (length(text) > 3) { done = "," substr(text, length(text) - 2) done; text = substr(text, 1, length(text) - 3) }
  return sign text done
}

function milliseconds(us) { return us == "" ? "-" : sprintf(us < 10000 ? "%.2f" : "%.0f", us / 1000) }
function percent(v) { return v == "" ? "-" : sprintf("%.0f%%", v) }
function times(v) { return v == "" ? "-" : sprintf("%.2f", v) }

function report(mode,   s, i, scenario, subject, name, pace) {
  print ""
  print described[mode]
  if (has[mode, "f1"] || has[mode, "f2"] || has[mode, "f3"]) {
    print ""
    printf "  %-16s %-9s %9s %16s %13s %9s %9s %5s %5s %6s %6s\n", "", "", paced ? "msg/s" : "window", "deliv./CPU-s", "deliveries/s", "p50 ms", "p99 ms", "srv.", "gen.", "lost", "dup."
    for (s = 1; s <= scenario_count; s++) {
      scenario = scenarios[s]
      if (!(scenario in words) || !has[mode, scenario]) { continue }
      for (i = 1; i <= subject_count; i++) {
        subject = subjects[i]
        pace = median(mode, scenario, subject, paced ? "rate" : "window")
        name = words[scenario] (scenario == "f3" ? " " grouped(median(mode, scenario, subject, "connections") / 100) : "")
        printf "  %-16s %-9s %9s %16s %13s %9s %9s %5s %5s %6s %6s%s\n", i == 1 ? name : "", subject, grouped(pace),
          grouped(median(mode, scenario, subject, "deliveries_per_server_cpu_s")), grouped(median(mode, scenario, subject, "deliveries_per_s")),
          milliseconds(median(mode, scenario, subject, "p50_us")), milliseconds(median(mode, scenario, subject, "p99_us")),
          percent(median(mode, scenario, subject, "server")), percent(median(mode, scenario, subject, "generator")), grouped(sum(mode, scenario, subject, "lost")), grouped(sum(mode, scenario, subject, "duplicated")), remarks(mode, scenario, subject)
      }
    }
  }
  if (has[mode, "idle"] || has[mode, "connects"]) {
    print ""
    printf "  %-16s %-9s %9s %16s %13s %12s %16s\n", "", "", "open", "resident B each", "anonymous B", "connects/s", "connects/CPU-s"
    for (i = 1; i <= subject_count; i++) {
      subject = subjects[i]
      scenario = has[mode, "idle"] ? "idle" : "connects"
      printf "  %-16s %-9s %9s %16s %13s %12s %16s%s\n", i == 1 ? "idle, subscribed" : "", subject, grouped(median(mode, scenario, subject, "ready")),
        grouped(median(mode, "idle", subject, "rss_per_connection")), grouped(median(mode, "idle", subject, "anon_per_connection")),
        grouped(median(mode, "connects", subject, "connects_per_s")), grouped(median(mode, "connects", subject, "connects_per_server_cpu_s")), remarks(mode, scenario, subject)
    }
  }
}

function remarks(mode, scenario, subject,   text, n, server, generator) {
  if ((n = sum(mode, scenario, subject, "connections") - sum(mode, scenario, subject, "ready")) > 0) { text = text "  " grouped(n) " not connected" }
  if ((n = sum(mode, scenario, subject, "wrong_channel")) > 0) { text = text "  " grouped(n) " misdelivered" }
  if ((n = sum(mode, scenario, subject, "out_of_order")) > 0) { text = text "  " grouped(n) " out of order" }
  if ((n = sum(mode, scenario, subject, "errors")) > 0) { text = text "  " grouped(n) " errors" }
  server = median(mode, scenario, subject, "server")
  generator = median(mode, scenario, subject, "generator")
  if (!paced && server != "" && server < 50 && generator < 50) { text = text "  NEITHER SIDE WAS BUSY: a stall or a starved machine" }
  if (generator != "" && generator > 90) { text = text "  rates are the generator's limit" }
  return text
}

function judge(good) {
  judged_count++
  if (!good) { below++ }
  return good ? "pass" : "BELOW"
}

function verdict_line(what, subject, per_cpu, per_s, floor_text, verdict) {
  printf "  %-9s %-9s %-11s %12s %12s %15s  %s\n", what[1], what[2], subject, per_cpu, per_s, floor_text, verdict
}

function verdicts(   m, s, i, mode, scenario, subject, v, per_cpu, per_s, what, judged) {
  if (subject_count == 1 && peer != "") { return }
  print ""
  print peer == "" ? "Floors (those of ratios need --peer nats)" : "Ratios to " called[peer] " (medians of the ratios within each run)" (judges ? " and floors" : "; floors are judged without --tls, beside nats")
  print ""
  what[1] = "loops"; what[2] = ""
  verdict_line(what, "", "per CPU-s", "per s", "floor", "")
  for (m = 1; m <= mode_count; m++) {
    for (s = 1; s <= scenario_count; s++) {
      for (i = 1; i <= subject_count; i++) {
        mode = what[1] = modes[m]; scenario = what[2] = scenarios[s]; subject = subjects[i]
        if (subject == peer || !runs_of[mode, scenario, subject]) { continue }
        if (scenario == "idle") {
          v = median(mode, scenario, subject, "rss_per_connection")
          verdict_line(what, subject, v == "" ? "-" : grouped(v) " B", peer == "" ? "" : "x " times(ratio(mode, scenario, subject, peer, "rss_per_connection")), "<= 10 KB", v == "" ? "not known" : !judges ? "not judged" : mode == "running" ? "not a fresh process: not judged" : judge(v <= idle_floor))
          continue
        }
        if (peer == "") { continue }
        if (scenario == "connects") {
          per_cpu = ratio(mode, scenario, subject, peer, "connects_per_server_cpu_s")
          v = per_s = ratio(mode, scenario, subject, peer, "connects_per_s")
        } else {
          v = per_cpu = ratio(mode, scenario, subject, peer, "deliveries_per_server_cpu_s")
          per_s = ratio(mode, scenario, subject, peer, "deliveries_per_s")
        }
        judged = !judges ? "not judged" : paced && scenario != "connects" ? "paced: not judged" : v == "" ? "not known" : judge(v >= floor[scenario])
        verdict_line(what, subject, times(per_cpu), times(per_s), times(floor[scenario]) (scenario == "connects" ? " per s" : " per CPU-s"), judged)
      }
    }
  }
  print ""
  if (below) { print below " below the floor." }
  else { print judged_count ? "Nothing is below its floor." : "Nothing was judged." }
}

function quoted(text) {
  gsub(/\\/, "\\\\", text)
  gsub(/"/, "\\\"", text)
  return "\"" text "\""
}

function or_null(v) { return v == "" ? "null" : sprintf("%.10g", v) }

function write_json(   i, m, s, mode, scenario, subject, comma, k, keys, n) {
  printf "{\"started\":%s,\"machine\":%s,\"about\":%s,\"payload\":%d,\"duration_s\":%s,\"runs\":%d,\"paced\":%s,\n\"results\":[", quoted(started), quoted(machine), quoted(about), payload, duration, runs, (paced ? "true" : "false") > json
  for (i = 1; i <= raw_count; i++) { printf "%s\n%s", (i > 1 ? "," : ""), raw[i] > json }
  printf "],\n\"medians\":[" > json
  n = split("deliveries_per_server_cpu_s deliveries_per_s p50_us p99_us rss_per_connection anon_per_connection connects_per_s connects_per_server_cpu_s", keys, " ")
  for (m = 1; m <= mode_count; m++) {
    for (s = 1; s <= scenario_count; s++) {
      for (i = 1; i <= subject_count; i++) {
        mode = modes[m]; scenario = scenarios[s]; subject = subjects[i]
        if (!runs_of[mode, scenario, subject]) { continue }
        printf "%s\n{\"loops\":\"%s\",\"scenario\":\"%s\",\"subject\":\"%s\",\"lost\":%d,\"duplicated\":%d", comma, mode, scenario, subject, sum(mode, scenario, subject, "lost"), sum(mode, scenario, subject, "duplicated") > json
        comma = ","
        for (k = 1; k <= n; k++) {
          printf ",\"%s\":%s", keys[k], or_null(median(mode, scenario, subject, keys[k])) > json
          if (peer != "" && subject != peer) { printf ",\"%s_ratio\":%s", keys[k], or_null(ratio(mode, scenario, subject, peer, keys[k])) > json }
        }
        printf "}" > json
      }
    }
  }
  print "]}" > json
  close(json)
}
