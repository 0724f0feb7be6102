namespace CovidCt.Core.Tests;

/// <summary>Counting live native tensors.</summary>
internal static class NativeTensors
{
    /// <summary>Lets the collector free what earlier tests left to it, so that it doesn't do so while a test counts.</summary>
    public static void Settle()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
