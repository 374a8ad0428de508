/* The first process of an emulated machine: runs the check, with the arguments after "--" of the kernel's command line,
   on the serial port, then turns the machine off. Run by avx512.sh. */

#include <fcntl.h>
#include <stdio.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

int main(int count, char** arguments) {
  mkdir("/dev", 0755);
  mount("devtmpfs", "/dev", "devtmpfs", 0, 0);
  mkdir("/sys", 0755);
  mount("sysfs", "/sys", "sysfs", 0, 0); /* where the C library looks for the number of processors */
  const int serial = open("/dev/ttyS0", O_RDWR);
  dup2(serial, 1);
  dup2(serial, 2);
  const pid_t check = fork();
  if (check == 0) {
    arguments[0] = "/check";
    execv("/check", arguments);
    _exit(127);
  }
  int status = -1;
  waitpid(check, &status, 0);
  printf("\nexit status %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  fflush(stdout);
  tcdrain(1);
  /* Bochs's own way of turning off. */
  iopl(3);
  for (const char* letter = "Shutdown"; *letter; letter++) outb(*letter, 0x8900);
  (void)count;
  for (;;) pause();
}
