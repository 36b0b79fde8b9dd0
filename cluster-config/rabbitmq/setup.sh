#!/bin/sh
# A virtual host and a user of the broker's own, with what it needs and no more. On a machine of RabbitMQ, once:
#
#   PASSWORD=... ./setup.sh
set -eu

rabbitmqctl add_vhost broker
printf '%s' "$PASSWORD" | rabbitmqctl add_user broker
# Queues that the server names, the broker's own exchanges and queues, and the default exchange to send through.
rabbitmqctl set_permissions --vhost broker broker '^(amq\.gen.*|broker\..*)$' '^(amq\.gen.*|amq\.default|broker\..*)$' '^(amq\.gen.*|broker\..*)$'
# A node bounds its own queue; this is for what else might be made in its name.
rabbitmqctl set_policy --vhost broker --apply-to queues bounded '^amq\.gen' '{"max-length-bytes": 134217728}'
