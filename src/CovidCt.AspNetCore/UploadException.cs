namespace CovidCt.AspNetCore;

/// <summary>A request that can't be answered, and why.</summary>
/// <param name="status">Its status by HTTP.</param>
/// <param name="reason">What is wrong, and what to do.</param>
internal sealed class UploadException(int status, string reason) : Exception(reason)
{
    public int Status => status;
}
