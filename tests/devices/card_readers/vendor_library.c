/* A vendor's library that does what the files beside $VENDOR_SCRIPT say: the test writes them between two calls.
   `<script>.read` and `<script>.verify`: first line a deed and a number, then the bytes to answer.
   `<script>.heard` gets one line a call: function, type, buffer on entry. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int act(const char *function, int type, char *out)
{
    char path[512], deed[32] = "", answer[4096];
    int code = 0;
    size_t count;
    FILE *file;

    snprintf(path, sizeof path, "%s.heard", getenv("VENDOR_SCRIPT"));
    file = fopen(path, "ab");
    fprintf(file, "%s %d %s\n", function, type, out);
    fclose(file);
    snprintf(path, sizeof path, "%s.%s", getenv("VENDOR_SCRIPT"), function);
    file = fopen(path, "rb");
    if (!file || fscanf(file, "%31s %d", deed, &code) != 2)
        return -999;
    fgetc(file);
    count = fread(answer, 1, sizeof answer - 1, file);
    answer[count] = 0;
    fclose(file);
    if (!strcmp(deed, "hang"))
        for (;;)
            pause();
    if (!strcmp(deed, "crash"))
        raise(SIGSEGV);
    if (!strcmp(deed, "exit"))
        _exit(0);
    if (!strcmp(deed, "overrun"))
        memset(out, 'x', 9000);
    if (!strcmp(deed, "flood"))
        memset(out, 'x', (size_t)64 << 20);
    if (!strcmp(deed, "print"))
        printf("%s\n", answer), fflush(stdout), fprintf(stderr, "%s\n", answer);
    if (strcmp(deed, "overrun"))
        memcpy(out, answer, count + 1);
    return code;
}

int iReadCardBas(int type, char *out) { return act("read", type, out); }
#ifndef WITHOUT_PIN
int iVerifyPIN(int type, char *out) { return act("verify", type, out); }
#endif
