using Broker.Actors.Cluster;
using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>What a channel's owner knows of one node's emits: the last number, and the answers that the node may not have.</summary>
internal sealed class EmitLedger(ProtocolRules rules)
{
    private readonly Dictionary<long, EmitResult?> _answers = [];
    private readonly Queue<long> _numbers = [];
    private long _last;

    /// <summary>When it was last used, by the loop's clock.</summary>
    public long TouchedMs { get; set; }

    /// <summary>Decides about an emit, and notes it when it is to be taken.</summary>
    /// <param name="answer">For a repeat: what was answered.</param>
    public Verdict Take(long number, long before, long lowestOpen, out EmitResult answer)
    {
        while (_numbers.TryPeek(out var oldest) && oldest < lowestOpen)
        {
            _answers.Remove(_numbers.Dequeue());
        }

        answer = default;
        if (number <= _last && rules.OwnersCountEmits)
        {
            if (!_answers.TryGetValue(number, out var known) || known is not { } given)
            {
                return Verdict.Underway;
            }

            answer = given;
            return Verdict.Repeat;
        }

        if (before > _last && rules.OwnersCheckEmitGaps)
        {
            return Verdict.Gap;
        }

        _last = Math.Max(_last, number);
        if (_answers.TryAdd(number, null))
        {
            _numbers.Enqueue(number);
        }

        return Verdict.New;
    }

    public void Answered(long number, in EmitResult result)
    {
        if (_answers.ContainsKey(number))
        {
            _answers[number] = result;
        }
    }

    internal enum Verdict
    {
        New,

        /// <summary>It was answered already.</summary>
        Repeat,

        /// <summary>It was taken already, and is answered when its answer is there.</summary>
        Underway,

        /// <summary>One before it is missing.</summary>
        Gap,
    }
}
