using CovidCt.Benchmarks;

return args switch
{
    ["load", var mode, var file] => LoadWorker.Run(mode, file),
    ["compare-load", .. var rest] => LoadComparison.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("compare-load [ROUNDS]: ResNet101 from .pth and safetensors, beside torch.load; python3 with torch and torchvision must be at hand");
    return 2;
}
