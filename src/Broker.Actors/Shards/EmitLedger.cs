using Broker.Actors.Cluster;
using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>What a channel's owner knows of one node's emits: the last number, and the answers that the node may not have.</summary>
/// <param name="last">The last number that an owner before this one took.</param>
internal sealed class EmitLedger(ProtocolRules rules, long last = 0)
{
    private readonly Dictionary<long, EmitResult?> _answers = [];
    private readonly Queue<long> _numbers = [];
    private readonly long _inherited = last;
    private long _last = last;

    /// <summary>The last number that became an event.</summary>
    public long LastOrdered { get; private set; } = last;

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
                return number <= _inherited ? Verdict.Forgotten : Verdict.Underway;
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

    /// <summary>What an emit became before this owner's time.</summary>
    public void Inherit(long number, in EmitResult result)
    {
        if (_answers.TryAdd(number, result))
        {
            _numbers.Enqueue(number);
        }
    }

    public void Ordered(long number) => LastOrdered = Math.Max(LastOrdered, number);

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

        /// <summary>An owner before this one took it, and what became of it is not known any more.</summary>
        Forgotten,
    }
}
