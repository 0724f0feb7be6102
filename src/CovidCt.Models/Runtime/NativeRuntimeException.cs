namespace CovidCt.Models.Runtime;

/// <summary>libtorch, or TorchSharp's native part, is missing or can't be loaded; the message says what to do.</summary>
public sealed class NativeRuntimeException : Exception
{
    /// <summary>An error with what was wrong and what to do about it.</summary>
    public NativeRuntimeException(string message) : base(message) { }

    /// <summary>An error with what was wrong and what to do about it, and its cause.</summary>
    public NativeRuntimeException(string message, Exception innerException) : base(message, innerException) { }
}
