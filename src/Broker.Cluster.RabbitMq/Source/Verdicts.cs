using Broker.Messages;

namespace Broker.Cluster.RabbitMq.Source;

/// <summary>Which refusals pass and which stay.</summary>
internal static class Verdicts
{
    /// <summary>
    /// An outcome that nobody knows is tried again too: with a <c>message_id</c> it cannot become two events, without one a message is published at
    /// least once, as after a crash. A refusal that is not known here stays, so that it never holds up those behind it.
    /// </summary>
    public static Verdict Of(Refusal refusal) => refusal switch
    {
        Refusal.None => Verdict.Done,
        Refusal.Unavailable or Refusal.OutcomeUnknown or Refusal.TooManyPublishes or Refusal.AppFull => Verdict.Again,
        _ => Verdict.Dead,
    };
}
