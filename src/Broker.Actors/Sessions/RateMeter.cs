namespace Broker.Actors.Sessions;

/// <summary>
/// Keeps a rate, with a second's worth at once: a token bucket in one field, the moment until which all that was spent has
/// paid for itself (GCRA, ITU-T I.371). Its own clock it has none, and nothing runs while nobody spends.
/// </summary>
public struct RateMeter
{
    private const long SecondNs = 1_000_000_000;
    private const long MsNs = 1_000_000;

    private long _paidUntilNs;

    /// <summary>Spends, within the rate or not; returns the milliseconds to wait until the rate is kept again, 0 for none.</summary>
    /// <param name="amount">At most 2^33 at 1 a second.</param>
    /// <param name="perSecond">The rate; above 0.</param>
    /// <param name="nowMs">A clock that never goes back.</param>
    public long Spend(long amount, int perSecond, long nowMs)
    {
        var nowNs = nowMs * MsNs;
        _paidUntilNs = Math.Max(_paidUntilNs, nowNs) + Cost(amount, perSecond);
        var overNs = _paidUntilNs - nowNs - SecondNs;
        return overNs <= 0 ? 0 : (overNs + MsNs - 1) / MsNs;
    }

    /// <summary>Spends one; false, and nothing spent, when that is over the rate.</summary>
    /// <inheritdoc cref="Spend" path="/param"/>
    public bool TrySpend(int perSecond, long nowMs)
    {
        var nowNs = nowMs * MsNs;
        var paidUntilNs = Math.Max(_paidUntilNs, nowNs) + Cost(1, perSecond);
        if (paidUntilNs - nowNs > SecondNs)
        {
            return false;
        }

        _paidUntilNs = paidUntilNs;
        return true;
    }

    private static long Cost(long amount, int perSecond) => amount * SecondNs / perSecond;
}
